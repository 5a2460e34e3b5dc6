import type { RecoveryWait } from '@proofline/protocol';
import { element } from '../page/element.ts';

/** A day and its time, in the customer's own time zone. */
export function dayOf(isoTime: string): string {
  return new Date(isoTime).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/** Says so where a wait is only shown. */
export function shortened({ isShortened, seconds }: RecoveryWait): HTMLElement[] {
  if (!isShortened) return [];
  return [element('p', { class: 'check' }, `This demonstration waits ${seconds} seconds.`)];
}
