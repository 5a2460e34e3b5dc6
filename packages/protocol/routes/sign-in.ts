import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Acr } from '../subjects.ts';
import { CeremonyOptions, CredentialJson } from './ceremonies.ts';

const params = z.object({ uid: z.string().regex(/^[A-Za-z0-9_-]{10,64}$/) });
const Redirect = z.object({ redirectTo: z.string() });

/** What the sign-in page says before it asks for the passkey. */
export const SignInPrompt = z.object({
  clientName: z.string(),
  /** `login`: nobody is signed in here; `step-up`: the same person again, fresh or stronger. */
  kind: z.enum(['login', 'step-up']),
  /** Set where a program on the person’s own computer asks for one act in their name. */
  act: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.enum(['promote', 'stage', 'vouch', 'withdraw']),
        candidateId: idOf('pcd'),
        /** What the id stands for, so that what is confirmed is what was seen. */
        digest: z.string().optional(),
        /** What it is for, as its author says; told where a colleague is signed in. */
        note: z.string().optional(),
      }),
      z.object({
        kind: z.enum([
          'widen-service',
          'narrow-service',
          'add-service-key',
          'retire-service-key',
          'suspend-service',
          'resume-service',
          'remove-service',
        ]),
        serviceId: idOf('svc'),
        /** What it is called; told where a colleague is signed in. */
        name: z.string().optional(),
      }),
      z.object({ kind: z.enum(['approve-erasure', 'decline-erasure']), erasureId: idOf('ers') }),
      z.object({ kind: z.literal('lift-hold'), holdId: idOf('hld') }),
      z.object({ kind: z.literal('end-stage'), stageId: idOf('stg') }),
      z.object({
        kind: z.enum([
          'list',
          'roll-back',
          'list-services',
          'register-service',
          'search-evidence',
          'export-evidence',
          'list-retention',
          'request-erasure',
          'forecast-erasure',
          'place-hold',
        ]),
      }),
    ])
    .optional(),
  /** What the application asks this person to agree to, all of it, as it is registered. */
  asks: z
    .array(
      z.object({
        says: z.string(),
        items: z.array(z.object({ label: z.string(), value: z.string() })),
      }),
    )
    .optional(),
  /** Set where the session of this browser is locked: this is what opens it. */
  locked: z.literal(true).optional(),
  acr: Acr.optional(),
  maxAgeSeconds: z.number().int().optional(),
});
export type SignInPrompt = z.infer<typeof SignInPrompt>;

export const signInPrompt = defineRoute({
  id: 'sign-in.prompt',
  method: 'get',
  path: '/api/sign-in/{uid}',
  realm: 'workforce',
  caller: 'anyone',
  params,
  summary: 'What this sign-in is for.',
  reply: SignInPrompt,
  status: 200,
  problems: ['signin.unknown'],
});

export const signInOptions = defineRoute({
  id: 'sign-in.options',
  method: 'post',
  path: '/api/sign-in/{uid}/options',
  realm: 'workforce',
  caller: 'anyone',
  params,
  summary: 'Options for the passkey assertion.',
  reply: CeremonyOptions,
  status: 200,
  problems: ['signin.unknown'],
});

export const signInAssertion = defineRoute({
  id: 'sign-in.assertion',
  method: 'post',
  path: '/api/sign-in/{uid}/assertion',
  realm: 'workforce',
  caller: 'anyone',
  params,
  body: CredentialJson,
  summary: 'Prove yourself with a passkey; answers where the authorization goes on.',
  reply: Redirect,
  status: 200,
  problems: ['signin.unknown', 'ceremony.refused', 'ceremony.expired'],
});

export const signInCancel = defineRoute({
  id: 'sign-in.cancel',
  method: 'post',
  path: '/api/sign-in/{uid}/cancel',
  realm: 'workforce',
  caller: 'anyone',
  params,
  summary: 'Leave the sign-in; the client is told `access_denied`.',
  reply: Redirect,
  status: 200,
  problems: ['signin.unknown'],
});
