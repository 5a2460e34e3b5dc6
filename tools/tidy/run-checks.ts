import { allChecks } from './all-checks.ts';
import type { Exception } from './exceptions.ts';
import type { Check, Finding, Project } from './project.ts';

/** A finding with the name of its check. */
export interface NamedFinding extends Finding {
  readonly check: string;
}

/**
 * Runs every check and takes the exceptions off; an exception that nothing needs is itself a
 * finding, and so is a project in which fewer files were read than there must be.
 */
export function runChecks(
  project: Project,
  options: {
    readonly exceptions: readonly Exception[];
    readonly filesMin: number;
    readonly checks?: ReadonlyMap<string, Check>;
  },
): readonly NamedFinding[] {
  const found = [...(options.checks ?? allChecks)].flatMap(([check, run]) =>
    run(project).map((finding) => ({ ...finding, check })),
  );
  const covers = (exception: Exception, { check, path }: NamedFinding): boolean =>
    exception.check === check &&
    (exception.path.endsWith('/') ? path.startsWith(exception.path) : path === exception.path);
  const unused = options.exceptions.filter(
    (exception) => !found.some((finding) => covers(exception, finding)),
  );
  const count = project.sources.length;
  const tooFew = {
    check: 'coverage',
    path: 'tools/tidy/main.ts',
    message: `only ${count} source files were read (at least ${options.filesMin} exist)`,
  };
  return [
    ...(count < options.filesMin ? [tooFew] : []),
    ...found.filter((finding) => !options.exceptions.some((one) => covers(one, finding))),
    ...unused.map(({ check, path }) => ({
      check: 'exceptions',
      path: 'tools/tidy/exceptions.ts',
      message: `${check} finds nothing at ${path} any more: delete the exception`,
    })),
  ];
}
