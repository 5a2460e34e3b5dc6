import type { ReleaseText } from '@proofline/policy';
import { interopIds, interopPolicies, interopSchema } from './authzen-interop-fixture.ts';

// Another system's people, records and actions, as its owner would add them to the policies. What the
// AuthZEN 1.0 certification scenario asks for in its section 1.

const enumerated = (ids: readonly string[]) => JSON.stringify([...new Set(ids)]);

const schema = `
  entity user enum ${enumerated(['alice', 'bob', ...interopIds.user])};
  entity record enum ${enumerated(['record-1', 'record-2', ...interopIds.record])};
  type RecordFacts = {
    subject?: { role?: String },
    resource?: { status?: String },
    action?: { soft?: Bool },
  };
  action "read", "write", "delete"
    appliesTo { principal: user, resource: record, context: RecordFacts };
`;

const ours = '[Proofline::record::"record-1", Proofline::record::"record-2"].contains(resource)';

const cedar = `
@id("relationships.fixture-readers")
@reason("Both read both records.")
permit (principal, action == Proofline::Action::"read", resource)
when
{ [Proofline::user::"alice", Proofline::user::"bob"].contains(principal) && ${ours} };

@id("relationships.fixture-writer")
@reason("Alice writes what is not archived.")
permit (principal == Proofline::user::"alice", action == Proofline::Action::"write", resource)
when
{ ${ours} }
unless
{ context has resource.status && context.resource.status == "archived" };

@id("relationships.fixture-admin")
@reason("Administrators write what is archived.")
permit (principal is Proofline::user, action == Proofline::Action::"write", resource)
when
{
  context has resource.status && context.resource.status == "archived" &&
  context has subject.role && context.subject.role == "admin"
};

@id("relationships.fixture-archive")
@reason("Bob keeps the archive.")
permit (
  principal == Proofline::user::"bob",
  action == Proofline::Action::"write",
  resource == Proofline::record::"record-2"
);

@id("relationships.fixture-soft")
@reason("Alice deletes what can be brought back.")
permit (principal == Proofline::user::"alice", action == Proofline::Action::"delete", resource)
when
{ context has action.soft && context.action.soft };
`;

/** The product's policies, and beside them those of the certification and the interop scenarios. */
export function withFixture(product: ReleaseText): ReleaseText {
  const end = product.schema.lastIndexOf('}');
  return {
    schema: `${product.schema.slice(0, end)}${schema}${interopSchema}${product.schema.slice(end)}`,
    policies: [
      ...product.policies,
      { path: 'relationships/fixture.cedar', text: cedar },
      { path: 'relationships/interop.cedar', text: interopPolicies },
    ],
  };
}
