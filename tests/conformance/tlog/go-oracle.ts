import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian's golang-golang-x-mod-dev lays its packages; another place can be named. */
const gopath = process.env['PROOFLINE_TEST_GOPATH'] || '/usr/share/gocode';
const go = process.env['PROOFLINE_TEST_GO'] || '/usr/bin/go';

/** Whether golang.org/x/mod and a Go compiler are on this machine. */
export const hasGoOracle =
  existsSync(go) && existsSync(join(gopath, 'src/golang.org/x/mod/sumdb/tlog'));

/** Builds `main.go` into a directory. Answers how to run it. */
export function buildGoOracle(
  directory: string,
): (parameters: readonly string[], input?: string) => string {
  const program = join(directory, 'oracle');
  const env = {
    PATH: process.env['PATH'],
    // Without modules and without a network: what the machine has is what is used.
    GO111MODULE: 'off',
    GOFLAGS: '',
    GOPATH: gopath,
    GOCACHE: join(directory, 'go-cache'),
  };
  execFileSync(go, ['build', '-o', program, join(import.meta.dirname, 'main.go')], { env });
  return (parameters, input = '') =>
    execFileSync(program, parameters, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
}
