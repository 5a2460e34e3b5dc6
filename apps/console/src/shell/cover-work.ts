import { layers } from '../ui/layers.ts';

/** Inner scroll positions are lost when an element leaves the document. */
function scrolledWithin(roots: readonly Element[]) {
  return roots
    .flatMap((root) => [...root.querySelectorAll('*')])
    .filter(({ scrollLeft, scrollTop }) => scrollLeft > 0 || scrollTop > 0)
    .map((element) => ({ element, left: element.scrollLeft, top: element.scrollTop }));
}

/**
 * Takes the work out of the document, with everything that was typed, so that neither eyes nor a screen
 * reader nor the browser's search find anything of it. Answers what puts it back as it was.
 */
export function coverWork(): () => void {
  const root = document.querySelector('#root');
  const parts = [...(root ? [root] : []), layers()];
  const { activeElement: focused, title } = document;
  const { scrollX, scrollY } = window;
  const scrolled = scrolledWithin(parts);
  for (const part of parts) part.remove();
  document.title = 'Locked · Proofline';
  return () => {
    document.body.prepend(...parts);
    document.title = title;
    for (const { element, left, top } of scrolled) element.scrollTo({ left, top });
    window.scrollTo(scrollX, scrollY);
    if (focused instanceof HTMLElement && focused.isConnected) {
      focused.focus({ preventScroll: true });
    }
  };
}
