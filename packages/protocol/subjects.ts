import { z } from 'zod';

/** The two realms: separate origins, RP IDs and issuers. Nothing of one is worth anything in the other. */
export const realms = ['workforce', 'customers'] as const;
/** One of {@link realms}. */
export const Realm = z.enum(realms);
/** One of {@link realms}. */
export type Realm = z.infer<typeof Realm>;

/**
 * What a workforce subject is employed to do. A new account has none. `support-agent` is the first tier of
 * support, `senior-agent` the second.
 */
export const roles = [
  'billing-agent',
  'support-agent',
  'senior-agent',
  'technical-agent',
  'fraud-reviewer',
  'team-lead',
  'supervisor',
  'analyst',
  'hr-officer',
  'security-admin',
  'auditor',
] as const;
/** One of {@link roles}. */
export const Role = z.enum(roles);
/** One of {@link roles}. */
export type Role = z.infer<typeof Role>;

/** What a service subject may be. */
export const serviceRoles = [
  'telephony',
  'gateway',
  'account-opening',
  'pipeline',
  'assistant',
  'provisioning',
] as const;
/** One of {@link serviceRoles}. */
export const ServiceRole = z.enum(serviceRoles);
/** One of {@link serviceRoles}. */
export type ServiceRole = z.infer<typeof ServiceRole>;

/**
 * Assurance values of OpenID EAP ACR 1.0: `phr` phishing-resistant (a synced passkey with user
 * verification), `phrh` phishing-resistant and hardware-held.
 */
export const assuranceLevels = ['phr', 'phrh'] as const;
/** One of {@link assuranceLevels}. */
export const Acr = z.enum(assuranceLevels);
/** One of {@link assuranceLevels}. */
export type Acr = z.infer<typeof Acr>;

/** When each level was last proved by the subject: Unix seconds. Each level has its own clock. */
export const AssuranceTimes = z.object({
  phr: z.number().int().optional(),
  phrh: z.number().int().optional(),
});
export type AssuranceTimes = z.infer<typeof AssuranceTimes>;
