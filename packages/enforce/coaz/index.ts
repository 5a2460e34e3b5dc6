/** COAZ-MCP: MCP messages and tool calls become questions to the PDP, by the mapping that a tool declares. */
export {
  authorizeMcp,
  readTools,
  type CoazOptions,
  type JsonRpcRefusal,
  type McpExchange,
  type McpTools,
  type McpVerdict,
} from './authorize-mcp.ts';
export { MappingError } from './mapping-error.ts';
