/** What a token begins with, so that scanners of leaked secrets know it. */
export const TOKEN_PREFIX = 'plscim_';

/** The token of `Authorization: Bearer …`, where it has the form of ours. */
export function bearerTokenOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(plscim_[\w-]{43})$/i.exec(authorization ?? '')?.[1];
}
