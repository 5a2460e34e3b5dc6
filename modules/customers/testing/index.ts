/** Stand-ins around the module, and a way to call its routes without HTTP. For tests only. */
export { callRoute, createFakeHttp, type FakeHttp } from './call-route.ts';
export { createRecordBook, recordBookMigration, type RecordBook } from './record-book.ts';
export { createFakeSessions, fakeSessionsMigration } from './fake-sessions.ts';
export { createPhone, type Phone } from './phone.ts';
export { attestationPolicy, createCustomersWorld, ORIGIN, RP_ID } from './customers-world.ts';
