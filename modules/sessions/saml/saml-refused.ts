/** A message that is not believed, hence not answered: the person is told, and nobody else. */
export class SamlRefused extends Error {
  /** Name of the check; internal, as {@link SamlRefused.internal} is. */
  readonly check: string;
  readonly internal: string | undefined;
  constructor(check: string, internal?: string) {
    super(`a SAML message was refused: ${check}`);
    this.name = 'SamlRefused';
    this.check = check;
    this.internal = internal;
  }
}
