/**
 * Loaded into the demo's processes before their own code (`node --import`): standard input is a pipe
 * from the process that started them, and it closes when that one is gone, however it went.
 */
process.stdin.once('end', () => process.exit(1));
process.stdin.resume();
// The pipe alone is no reason to go on.
process.stdin.unref();
