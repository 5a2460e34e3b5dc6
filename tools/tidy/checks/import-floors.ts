import type { Check } from '../project.ts';
import { floorOf, isTest, isTool, roomImported, roomOf } from '../rooms.ts';

const PAGES = new Set(['apps/console', 'apps/verify']);

/** Rooms import downward only; pages import packages only; nobody imports demo, tests or tools. */
export const importFloors: Check = (project) =>
  project.sources
    .filter(({ path }) => !isTest(path) && !isTool(path))
    .flatMap((file) =>
      file.imports.flatMap(({ specifier, line }) => {
        const from = roomOf(file.path);
        const to = roomImported(project, file, specifier);
        const message = to === undefined ? undefined : problemOf(from, to);
        return message === undefined ? [] : [{ path: file.path, line, message }];
      }),
    );

function problemOf(from: string, to: string): string | undefined {
  // A program at the root of the tree, a configuration for instance, stands outside of the house.
  const fromFloor = floorOf(from);
  const toFloor = floorOf(to);
  if (toFloor === undefined) {
    return `${to} is not on a floor that the product may use: move what is needed into a room below`;
  }
  if (fromFloor === undefined) return undefined;
  if (PAGES.has(from) && !to.startsWith('packages/')) {
    return `${from} runs in a browser and imports packages only: take it from the contract`;
  }
  if (toFloor < fromFloor) return undefined;
  const where = toFloor === fromFloor ? 'on the same floor as' : 'above';
  return (
    `${to} is ${where} ${from}: let what must travel upward be an event, ` +
    'or a port that composition fills'
  );
}
