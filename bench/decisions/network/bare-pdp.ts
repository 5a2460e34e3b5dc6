/**
 * `packages/cedar` behind `node:http` with AuthZEN's bodies, and nothing else: nobody is
 * authenticated, nothing is recorded. What a network alone costs, not what the product does.
 */
import { createServer, type IncomingMessage } from 'node:http';
import {
  actionEntities,
  createEntityStore,
  EntityUid,
  type EntityData,
  type EntityStore,
} from '@proofline/cedar';
import { loadCedar, readRequest, type LoadedCedar } from '../engines/load-cedar.ts';
import { withActions } from '../engines/proofline-cedar.ts';
import { sizes, workloadOf } from '../workload-of.ts';
import type { BareEvaluation, BareQuestion } from './bare-pdp-target.ts';

const size = sizes.find((one) => String(one) === process.argv[2]) ?? 60;
const loaded = loadCedar(workloadOf(size).rules);
const actions = createEntityStore(actionEntities(loaded.schema));

const server = createServer((incoming, outgoing) => {
  void answer(incoming)
    .catch(() => '')
    .then((text) =>
      outgoing
        .writeHead(text === '' ? 400 : 200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        })
        .end(text),
    );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});

// Where the bench is stopped, nothing of it stays.
process.on('disconnect', () => process.exit());

async function answer(incoming: IncomingMessage): Promise<string> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) text += String(chunk);
  // A floor for comparison: it trusts its only caller.
  const question = JSON.parse(text) as BareQuestion;
  const answers = question.evaluations.map((one) =>
    decide(loaded, actions, { ...question, ...one }),
  );
  return JSON.stringify({ evaluations: answers });
}

function decide(
  { schema, authorizer }: LoadedCedar,
  actionStore: EntityStore,
  { subject, action, resource, context }: BareEvaluation & Pick<BareQuestion, 'subject'>,
) {
  const request = readRequest(schema, {
    principal: subject,
    action: { type: 'Action', id: action.name },
    resource,
    context,
  });
  const own = createEntityStore([
    entity(request.principal, new EntityUid('Role', subject.properties.role)),
    entity(request.resource, new EntityUid('Tenant', resource.properties.tenant)),
  ]);
  const { decision, determining } = authorizer.authorize(request, withActions(own, actionStore));
  return { decision: decision === 'allow', context: { determining } };
}

function entity(uid: EntityUid, parent: EntityUid): EntityData {
  return { uid, attributes: {}, tags: {}, parents: [parent] };
}
