/** Masks: what may be shown of a value whose data category is masked and not hidden. */
export { mask, maskKinds, maskText, type MaskKind } from './mask.ts';
