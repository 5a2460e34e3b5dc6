import { SamlRefused } from '../saml-refused.ts';

/** `xs:boolean`; absent is false. @throws SamlRefused */
export function readFlag(text: string | undefined): boolean {
  if (text === undefined || text === 'false' || text === '0') return false;
  if (text === 'true' || text === '1') return true;
  throw new SamlRefused('value');
}

/** `xs:unsignedShort`. @throws SamlRefused */
export function readIndex(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new SamlRefused('value');
  return Number(text);
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** A time in UTC without exception (saml-core-2.0-os §1.3.3), in Unix ms. @throws SamlRefused */
export function readInstant(text: string | undefined): number {
  const time = text !== undefined && instant.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new SamlRefused('time');
  return time;
}

/** Unix ms as SAML writes times. */
export const writeInstant = (ms: number): string =>
  new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
