// Loaded before a program whose memory is measured (`node --expose-gc --import`): SIGUSR2 collects all garbage at
// once and writes down what of the heap is left. Nothing else of the program is changed.

import { renameSync, writeFileSync } from 'node:fs'
import { heapFileOf } from './heap-file.ts'

process.on('SIGUSR2', () => {
  for (let i = 0; i < COLLECTIONS; i++) globalThis.gc?.()
  const path = heapFileOf(process.pid)
  writeFileSync(`${path}.new`, String(process.memoryUsage().heapUsed))
  renameSync(`${path}.new`, path) // who waits for it reads it whole
})

const COLLECTIONS = 2
