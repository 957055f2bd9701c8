// How earlier versions of rules wrote down numbers: what they stored is made here, and read by workers/packed.ts.

/** Numbers that are no whole ones are rounded; what is none counts as 0. */
export function packNumbers(numbers: readonly number[]): string {
  const bytes: number[] = []
  for (const number of numbers) {
    const whole = Math.round(number) || 0
    let left = whole < 0 ? -2 * whole - 1 : 2 * whole
    while (left >= 128) {
      bytes.push((left % 128) + 128)
      left = Math.floor(left / 128)
    }
    bytes.push(left)
  }
  return Buffer.from(bytes).toString('base64url')
}
