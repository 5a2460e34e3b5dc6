import { idOf, roles, switchKinds, SwitchStateFilter } from '@proofline/protocol';
import { z } from 'zod';

/** The filters of the staff list, and whom the page before ended with. */
export const staffSearch = z.object({
  desk: z.string().trim().max(60).optional().catch(undefined),
  role: z.enum(roles).optional().catch(undefined),
  // A number in an address is read as a number.
  name: z.coerce.string().trim().min(1).max(120).optional().catch(undefined),
  cursor: idOf('stf').optional().catch(undefined),
});

/** Whose unused rights are shown, and how far back is looked. */
export const unusedSearch = z.object({
  days: z
    .union([z.literal(7), z.literal(30), z.literal(90)])
    .optional()
    .catch(undefined),
  role: z.enum(roles).optional().catch(undefined),
  desk: z.string().trim().min(1).max(60).optional().catch(undefined),
});

/** Which switches are listed, and what the form is about to stop. */
export const switchesSearch = z.object({
  state: SwitchStateFilter.optional().catch(undefined),
  kind: z.enum(switchKinds).optional().catch(undefined),
  name: z.string().trim().max(60).optional().catch(undefined),
});

const text = (max: number) => z.string().max(max).optional().catch(undefined);

/** What the page of policies shows: which set, which policy opened, which file changed, which replay. */
export const policiesSearch = z.object({
  // A number in an address is read as a number.
  set: z.coerce.string().max(40).optional().catch(undefined),
  policy: text(120),
  // Empty: a draft is open, and no file of it.
  file: text(120),
  /** Where in the file: `line:column`. */
  at: z
    .string()
    .regex(/^\d{1,6}:\d{1,6}$/)
    .optional()
    .catch(undefined),
  replay: text(40),
});
