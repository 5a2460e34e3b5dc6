import { useEffect, useRef, type RefObject } from 'react';

/**
 * Where the focus goes when the control that had it goes away with a change of `state`: otherwise
 * the keyboard would begin at the top of the page again. The element needs `tabIndex={-1}`.
 */
export function useKeptFocus<E extends HTMLElement>(state: string): RefObject<E | null> {
  const place = useRef<E>(null);
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    if (document.activeElement === document.body) place.current?.focus({ preventScroll: true });
  }, [state]);
  return place;
}
