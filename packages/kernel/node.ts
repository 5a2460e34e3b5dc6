/** What of the kernel needs Node's own modules: kept out of `index.ts` so that browsers can load that. */
export {
  followConnections,
  type ConnectionBounds,
  type Connections,
} from './follow-connections.ts';
export { seededRandom } from './seeded-random.ts';
export { sha256, sha256Base64url } from './sha256.ts';
