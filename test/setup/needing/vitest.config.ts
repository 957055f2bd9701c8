import { defineConfig } from 'vitest/config'
import { nameSkipped } from '../skipped.ts'

export default defineConfig({ test: { include: ['story.ts'], reporters: ['default', nameSkipped()] } })
