/** Proofs about policies: invariants that must hold of every request, checked with an SMT solver. */
export type { Counterexample } from './counterexample.ts';
export { provePolicies, type Proof, type ProofOptions } from './prove-policies.ts';
export { SettledQuestions } from './smt/settled-questions.ts';
