import type { RequestCheck } from './request-check.ts';

/** saml-core-2.0-os §4.1. */
export const version: RequestCheck = {
  name: 'version',
  holds: ({ message }) => message.version === '2.0',
};
