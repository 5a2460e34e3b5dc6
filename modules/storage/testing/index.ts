/** An engine in memory, for tests: nothing of it is durable. */
export { startMemoryEngine, type MemoryEngine } from './open-memory-storage.ts';
export { loadTemplate } from '../embedded/template.ts';
