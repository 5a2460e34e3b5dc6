/** Bytes of base64 as XML and forms carry it, white space included; `undefined`: it is none. */
export function readBase64(text: string): Buffer | undefined {
  const compact = text.replaceAll(/[ \t\r\n]/g, '');
  if (compact === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact) || compact.length % 4 !== 0) {
    return undefined;
  }
  return Buffer.from(compact, 'base64');
}
