import { TextField } from '../../ui/field.tsx';

/**
 * Where the browser shows the passkeys that it knows (HTML §4.10.18.7.1, `webauthn`). It takes no text: there
 * is no name to give, so what is typed is dropped before anything could be made of it.
 */
export function OfferedField() {
  return (
    <TextField
      label="Passkeys of this browser"
      hint="Choose one where your browser lists it here. There is nothing to type."
      autoComplete="username webauthn"
      autoCapitalize="none"
      spellCheck={false}
      value=""
      onChange={() => undefined}
    />
  );
}
