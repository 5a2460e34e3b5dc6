/** A set of policies as text, as it lies in `policies/`. */
export interface ReleaseText {
  /** The Cedar schema. */
  readonly schema: string;
  /** Each file's path below `policies/`, whose folder names the layer, and its text. */
  readonly policies: readonly { readonly path: string; readonly text: string }[];
}
