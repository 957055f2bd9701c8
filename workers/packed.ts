// Whole numbers as a short text. What is kept of every elder is mostly numbers, and written down with every checkpoint.
//
//   text := base64url of the numbers, each as a varint of zigzag n (7 bits a byte, the lowest first)

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

/** Reads them one after the other; 0 behind the last. */
export function openPacked(text: string): () => number {
  const bytes = Buffer.from(text, 'base64url')
  let at = 0
  return () => {
    let zigzag = 0
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++] as number
      zigzag += (byte % 128) * scale
      if (byte < 128) break
    }
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
  }
}
