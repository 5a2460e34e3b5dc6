import { idPrefixes } from '@proofline/kernel';
import type { Self } from '@proofline/protocol';
import { FileSearch, Headset, type LucideIcon } from 'lucide-react';
import type { RefusalText } from '../format/control-state.ts';
import { places, refusalAt, type Place } from './areas.ts';

/** Something to jump to. A refused one is shown with its reason and cannot be chosen. */
export interface JumpTarget {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly go:
    | { readonly to: Place['to'] }
    | { readonly to: '/audit'; readonly search: { readonly id: string } }
    | {
        readonly to: '/agent/calls/$interactionId';
        readonly params: { readonly interactionId: string };
      };
  readonly refusal: RefusalText | undefined;
}

/** The targets that a text means: pages by their name, and whatever is an id. One's own come first. */
export function jumpTargets(
  text: string,
  self: Pick<Self, 'roles' | 'capabilities'>,
): readonly JumpTarget[] {
  const wanted = text.trim().toLowerCase();
  const pages = places
    .map((place) => ({
      label: `${place.area} › ${place.label}`,
      icon: place.icon,
      go: { to: place.to },
      refusal: refusalAt(place, self),
    }))
    .filter(({ label }) => label.toLowerCase().includes(wanted))
    .toSorted((a, b) => Number(a.refusal !== undefined) - Number(b.refusal !== undefined));
  return [...idTargets(wanted, self), ...pages];
}

function idTargets(text: string, self: Pick<Self, 'roles' | 'capabilities'>): JumpTarget[] {
  const [prefix = ''] = text.split('_');
  if (!(prefix in idPrefixes) || text.length < 20) return [];
  const audit = places.find(({ to }) => to === '/audit')!;
  const evidence: JumpTarget = {
    label: `Evidence of ${text}`,
    icon: FileSearch,
    go: { to: '/audit', search: { id: text } },
    refusal: refusalAt(audit, self),
  };
  if (prefix !== 'int') return [evidence];
  const call: JumpTarget = {
    label: `Call ${text}`,
    icon: Headset,
    go: { to: '/agent/calls/$interactionId', params: { interactionId: text } },
    refusal: undefined,
  };
  return [call, evidence];
}
