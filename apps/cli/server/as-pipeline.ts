import { createServiceTokens, dpopFetch, generateDpopKeys } from '@proofline/enforce/client';
import { exitCodes, type ExitCode, type Io } from '../verb.ts';
import { faultLine } from '../verbs/policy-folder.ts';
import { createCallRoute, NotDone, type CallRoute } from './call-route.ts';
import { readPipelineSettings, type Environment } from './pipeline-settings.ts';

/**
 * Does something at the server as a pipeline: with its own key (RFC 7523) and tokens that are bound
 * to a key of this process alone (RFC 9449). Says why when it cannot, and answers the exit code.
 */
export async function asPipeline(
  { environment, io }: { readonly environment: Environment; readonly io: Io },
  act: (call: CallRoute) => Promise<ExitCode>,
): Promise<ExitCode> {
  const settings = await readPipelineSettings(environment, io);
  if (settings === undefined) return exitCodes.usage;
  const keys = await generateDpopKeys();
  const ports = { keys, fetch: io.fetch, clock: io.clock, random: io.random };
  const tokens = createServiceTokens({
    ...ports,
    issuer: `${settings.origin}/oidc`,
    clientId: settings.id,
    clientKey: settings.key,
  });
  const send = dpopFetch({
    ...ports,
    accessToken: async () => {
      try {
        return await tokens();
      } catch (error) {
        throw new NotDone(whyNoToken(settings.origin, error));
      }
    },
  });
  return telling(io, () => act(createCallRoute(settings.origin, send)));
}

/** Runs something, and says in a sentence why the server did not do it. */
export async function telling(io: Io, act: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof NotDone)) throw error;
    const { faults = [], code } = error.problem ?? {};
    for (const fault of faults) io.say(faultLine(fault));
    if (code !== 'policy.unsound') {
      io.complain(error.message);
      return exitCodes.usage;
    }
    io.say(`These policies cannot be released: ${faults.length} faults.`);
    return exitCodes.wrong;
  }
}

function whyNoToken(origin: string, error: unknown): string {
  const isAnswer = error instanceof Error && error.message.startsWith('the issuer answered');
  return isAnswer
    ? `The server does not know this pipeline, or its key is another: ${error.message}.`
    : `The server at ${origin} cannot be reached.`;
}
