import { isPrivateKeyText, serviceKeyOf, type ServiceKeyInput } from '@proofline/protocol';
import type { Io } from '../verb.ts';

/** The public key in a file. Complains where there is none, and above all of a private one. */
export async function readKeyFile(
  path: string | undefined,
  io: Io,
): Promise<ServiceKeyInput | undefined> {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = await io.readText(path);
  } catch {
    io.complain(`The file ${path} cannot be read.`);
    return undefined;
  }
  if (isPrivateKeyText(text)) {
    io.complain(`${path} holds a private key, which stays where it is: name its public half.`);
    return undefined;
  }
  const key = serviceKeyOf(text);
  if (key === undefined) io.complain(`${path} holds neither a public JWK nor a certificate.`);
  return key;
}
