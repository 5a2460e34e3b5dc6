import type { Json, JsonObject } from '@proofline/kernel';
import { mask, type MaskKind } from '@proofline/privacy';
import type { DataCategory, FieldPlan } from '@proofline/protocol';

/** What a field is, and how it is written when its category is masked. */
export interface FieldLabel {
  readonly category: DataCategory;
  /** Default `text`: nothing of it is shown. */
  readonly mask?: MaskKind;
}

/**
 * A schema's labels: JSON pointer (RFC 6901) → label, `*` for every item of an array. A label on an
 * object or array covers everything in it.
 *
 * @example { '/plan': { category: 'plan' }, '/lines/*': { category: 'invoice' } }
 */
export type FieldLabels = Readonly<Record<string, FieldLabel>>;

/** What is left of a body. */
export interface FilteredBody {
  readonly body: Json;
  /** Items of the outermost array, or 1. */
  readonly rows: number;
  /** The categories that really occurred, by what was done with them: for the result's evidence. */
  readonly applied: FieldPlan;
}

type Treatment = 'visible' | 'masked' | 'hidden';
type Seen = Record<Treatment, Set<DataCategory>>;

interface Walk {
  readonly labels: FieldLabels;
  readonly plan: FieldPlan;
  readonly seen: Seen;
}

/** The narrowest list that names a category wins; a category that none names is hidden (P7). */
function treatmentOf(category: DataCategory, plan: FieldPlan): Treatment {
  if (plan.hidden.includes(category)) return 'hidden';
  if (plan.masked.includes(category)) return 'masked';
  return plan.visible.includes(category) ? 'visible' : 'hidden';
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function project(value: Json, pointer: string, walk: Walk): Json | undefined {
  const label = Object.hasOwn(walk.labels, pointer) ? walk.labels[pointer] : undefined;
  if (label) {
    const treatment = treatmentOf(label.category, walk.plan);
    walk.seen[treatment].add(label.category);
    if (treatment === 'hidden') return undefined;
    return treatment === 'visible' ? value : mask(value, label.mask ?? 'text');
  }
  if (typeof value !== 'object' || value === null) return undefined;
  // A container without a label is kept only if something below it has one.
  const leads = Object.keys(walk.labels).some((known) => known.startsWith(`${pointer}/`));
  if (!leads) return undefined;
  if (isArray(value)) return projectItems(value, pointer, walk);
  return projectMembers(value, pointer, walk);
}

function projectItems(items: readonly Json[], pointer: string, walk: Walk): Json {
  return items
    .map((item) => project(item, `${pointer}/*`, walk))
    .filter((item) => item !== undefined);
}

function projectMembers(members: JsonObject, pointer: string, walk: Walk): Json {
  const kept: Record<string, Json> = {};
  for (const [key, member] of Object.entries(members)) {
    if (member === undefined) continue;
    const projected = project(member, `${pointer}/${escapePointer(key)}`, walk);
    // Defined, not assigned: a member called `__proto__` must stay a member.
    if (projected !== undefined) {
      Object.defineProperty(kept, key, { value: projected, enumerable: true });
    }
  }
  return kept;
}

/**
 * Projects a response by a decision's field plan: visible kept, masked covered, hidden dropped, and
 * what no label names dropped as well. Of an outermost array at most `rowsMax` items are kept.
 */
export function filterFields(
  body: Json,
  labels: FieldLabels,
  options: { readonly plan: FieldPlan; readonly rowsMax?: number },
): FilteredBody {
  const walk: Walk = {
    labels,
    plan: options.plan,
    seen: { visible: new Set(), masked: new Set(), hidden: new Set() },
  };
  const limited = isArray(body) ? body.slice(0, options.rowsMax ?? body.length) : body;
  const projected = project(limited, '', walk) ?? (isArray(limited) ? [] : {});
  return {
    body: projected,
    rows: isArray(projected) ? projected.length : 1,
    applied: {
      visible: [...walk.seen.visible],
      masked: [...walk.seen.masked],
      hidden: [...walk.seen.hidden],
    },
  };
}
