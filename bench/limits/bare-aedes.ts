// aedes as it comes: nobody is authenticated, nothing is stored, nobody subscribes.

import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { listening } from './listening.ts'

const aedes = await Aedes.createBroker()
aedes.on('clientError', () => undefined)
aedes.on('connectionError', () => undefined)
await listening(createServer({ noDelay: true }, aedes.handle))
