/** A whole number from `min` to `max`, or undefined. */
export function number(value: string | undefined, min: number, max: number): number | undefined {
  if (value === undefined || !/^\d{1,10}$/.test(value)) return undefined;
  const parsed = Number(value);
  return parsed >= min && parsed <= max ? parsed : undefined;
}

/** A whole number in the range, `otherwise` where nothing is given, undefined where it is wrong. */
export function optional(
  value: string | undefined,
  min: number,
  max: number,
  otherwise: number,
): number | undefined {
  return value === undefined || value === '' ? otherwise : number(value, min, max);
}
