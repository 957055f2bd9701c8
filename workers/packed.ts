// Whole numbers as a short text, as earlier versions of rules wrote down what they keep (bits.ts is how it is done now).
//
//   text := base64url of the numbers, each as a varint of zigzag n (7 bits a byte, the lowest first)

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
