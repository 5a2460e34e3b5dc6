/** `acr_values` of a request, which the specification calls voluntary and we do not. */
export function acrValuesOf(text: unknown): string[] {
  return typeof text === 'string' ? text.split(' ').filter(Boolean) : [];
}
