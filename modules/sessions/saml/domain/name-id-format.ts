import { nameIdFormats } from '../names.ts';

/** How a person is named: for good and only there, or only for this session. Never by a datum of theirs. */
export type NameIdKind = 'persistent' | 'transient';

/** `undefined`: a format that would be a personal datum, or that nobody here has. */
export function nameIdKindFor(format: string | undefined): NameIdKind | undefined {
  if (format === nameIdFormats.transient) return 'transient';
  const open: readonly (string | undefined)[] = [undefined, nameIdFormats.unspecified];
  return format === nameIdFormats.persistent || open.includes(format) ? 'persistent' : undefined;
}
