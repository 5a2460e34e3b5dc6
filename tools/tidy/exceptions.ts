/** A finding that is meant to be so. One that no longer occurs must be deleted from here. */
export interface Exception {
  readonly check: string;
  /** The path, or its beginning when it ends in `/`. */
  readonly path: string;
  readonly because: string;
}

/** Every exception from STYLE.md, with its reason. */
export const exceptions: readonly Exception[] = [
  {
    check: 'import-floors',
    path: 'demo/main.ts',
    because: 'builds the pages before it starts the server, with the tool behind `npm run build`',
  },
];
