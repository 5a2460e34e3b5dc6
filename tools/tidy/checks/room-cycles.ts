import type { Check, Project } from '../project.ts';
import { isTest, roomImported, roomOf } from '../rooms.ts';

/** Rooms do not import each other in a circle. */
export const roomCycles: Check = (project) => {
  const edges = edgesOf(project);
  const findings = new Map<string, string>();
  for (const start of edges.keys()) {
    const circle = circleFrom(start, edges);
    if (!circle) continue;
    const key = [...new Set(circle)].sort().join(' ');
    if (!findings.has(key)) findings.set(key, circle.join(' → '));
  }
  return [...findings.values()].map((circle) => ({
    path: circle.split(' ')[0] ?? '',
    message: `a circle: ${circle}; turn one arrow around with a port that composition fills`,
  }));
};

function edgesOf(project: Project): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const file of project.sources) {
    if (isTest(file.path)) continue;
    const from = roomOf(file.path);
    for (const { specifier } of file.imports) {
      const to = roomImported(project, file, specifier);
      if (to === undefined) continue;
      const targets = edges.get(from) ?? new Set();
      edges.set(from, targets.add(to));
    }
  }
  return edges;
}

function circleFrom(
  start: string,
  edges: ReadonlyMap<string, ReadonlySet<string>>,
): string[] | undefined {
  const seen = new Set<string>();
  const step = (room: string, path: readonly string[]): string[] | undefined => {
    for (const next of edges.get(room) ?? []) {
      if (next === start) return [...path, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = step(next, [...path, next]);
      if (found) return found;
    }
    return undefined;
  };
  return step(start, [start]);
}
