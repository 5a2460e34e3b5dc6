import type { JWK } from 'jose';

/** A key that signs in tests, and is worth nothing anywhere else. */
export const testSigningKey: JWK = {
  kty: 'EC',
  crv: 'P-256',
  kid: 'test',
  x: '7VEb6rZKF4ydkwmX1Blzezu13UKd9LUyHQgbDHC1wnc',
  y: 'nSK1rHuuH1ts6zCmydskBFOxXUmCfgcl07yn-CuT8vo',
  d: 'engFZ-4WeTV9FKJbEKSRPaSprjW-6rFsXwbhlc76iRU',
};

/** The one, as a list that is always the same. */
export const testSigningKeys: readonly JWK[] = [testSigningKey];
