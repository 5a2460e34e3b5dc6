import { z } from 'zod';
import { defineRoute } from '../route.ts';
import { Realm } from '../subjects.ts';

/** A key that the issuer signs with, or did, or will. */
export const SigningKey = z.object({
  kid: z.string(),
  algorithm: z.literal('ES256'),
  state: z.enum(['next', 'current', 'retiring', 'retired']),
  because: z.enum(['settings', 'schedule', 'asked', 'compromised']),
  signsFrom: z.string().optional(),
  /** Until when what it signed is taken. */
  until: z.string().optional(),
});
/** A key that the issuer signs with, or did, or will. */
export type SigningKey = z.infer<typeof SigningKey>;

/** A key of another kind, and how it is replaced, if at all. */
export const OtherKey = z.object({
  name: z.string(),
  algorithm: z.string(),
  signs: z.string(),
  rotation: z.string(),
});
/** A key of another kind. */
export type OtherKey = z.infer<typeof OtherKey>;

/** Every kind of key that there is. */
export const SigningKeys = z.object({
  everyDays: z.number().int(),
  keys: z.array(SigningKey),
  /** The same of the customers’ issuer, which signs with none of them. */
  ofCustomers: z.array(SigningKey),
  others: z.array(OtherKey),
});
/** Every kind of key that there is. */
export type SigningKeys = z.infer<typeof SigningKeys>;

const base = { realm: 'workforce', caller: 'staff', resource: { type: 'SigningKeys' } } as const;

export const listSigningKeys = defineRoute({
  ...base,
  id: 'signing-keys.list',
  method: 'get',
  path: '/api/signing-keys',
  action: 'signing-key:list',
  summary: 'The issuer’s signing keys and how each stands, and the kinds of keys besides.',
  reply: SigningKeys,
  status: 200,
  problems: [],
});

export const rotateSigningKeys = defineRoute({
  ...base,
  id: 'signing-keys.rotate',
  method: 'post',
  path: '/api/signing-keys/rotate',
  action: 'signing-key:rotate',
  summary: 'Another signing key: published first, or, after a compromise, at once and alone.',
  body: z
    .object({
      reason: z.string().trim().min(3).max(200),
      because: z.enum(['asked', 'compromised']),
      /** Whose issuer’s. Absent: the workforce’s. */
      realm: Realm.optional(),
    })
    .strict(),
  reply: SigningKeys,
  status: 200,
  problems: ['signing-key.pending', 'evidence.unavailable'],
});
