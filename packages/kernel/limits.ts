/** Bounds on everything that comes from outside. Units stand last in each name. */
export const limits = {
  requestBodyMaxBytes: 64 * 1024,
  upstreamBodyMaxBytes: 2 * 1024 * 1024,
  jsonMaxDepth: 16,
  headersMaxCount: 64,
  headersMaxBytes: 16 * 1024,
  requestTimeoutMs: 15_000,
  headersTimeoutMs: 10_000,
  openRequestsMax: 512,
  eventStreamsPerSubjectMax: 8,
  textMaxChars: 500,
  nameMaxChars: 120,
  pageMaxItems: 200,
  evidenceEntryMaxBytes: 60 * 1024,
} as const;
