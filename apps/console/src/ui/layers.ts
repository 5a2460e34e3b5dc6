let element: HTMLElement | undefined;

/** Where whatever lies above the page is drawn: one place, so that it can be taken away with the page. */
export function layers(): HTMLElement {
  if (!element) {
    element = document.createElement('div');
    document.body.append(element);
  }
  return element;
}
