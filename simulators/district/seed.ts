// Puts a district into a hub through its HTTP API, as an administrator would. A second run against the same hub
// finds everything there; only the wearables are replaced, because a secret is shown once. So two simulators
// that run at the same time need different seeds.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import type { Client } from '../client.ts'
import type { District } from './district.ts'
import type { Household } from './household.ts'

/** A wearable as the hub knows it: what it signs in with, and whose it is. */
export type IssuedDevice = { id: string; secret: string; household: Household }

export type Seeded = {
  devices: IssuedDevice[]
  /** Objects that an earlier run had left. */
  found: number
  created: number
  /** Behind the ids of wearables that could not have their own, because an earlier run had taken it. */
  suffix?: string
}

type Registry = Pick<Client, 'get' | 'post' | 'delete'>

export type SeedRequest = {
  client: Registry
  district: District
  /** Tells this run from others: becomes part of the ids of replaced wearables. `[A-Za-z0-9]`, at most 12. */
  run: string
  onProgress?(done: number, total: number): void
}

/** Requests under way at a time. */
const CONCURRENCY = 8

const wornSchema = z.object({ items: z.array(z.object({ id: idSchema })) })
const issuedSchema = z.object({ device: z.object({ id: idSchema }), secret: z.string().min(1) })

/** Seeds the district. @throws HubError when the hub refuses anything but what is there already. */
export async function seedDistrict({ client, district, run, onProgress }: SeedRequest): Promise<Seeded> {
  const seeded: Seeded = { devices: [], found: 0, created: 0 }
  const put = async (path: string, body: object) => {
    if (await isNew(() => client.post(path, body))) seeded.created++
    else seeded.found++
  }
  for (const area of district.areas) await put('/areas', area)
  let done = 0
  await eachOf(district.households, CONCURRENCY, async household => {
    await put('/residents', household.resident)
    for (const contact of household.contacts) await put('/contacts', contact)
    await put('/zones', household.zone)
    seeded.devices.push(await issue(client, household, run, seeded))
    onProgress?.(++done, district.households.length)
  })
  seeded.devices.sort((a, b) =>
    a.household.device.id.localeCompare(b.household.device.id, 'en', { numeric: true }),
  )
  return seeded
}

/** Registers the wearable, under another id when an earlier run has taken its own. */
async function issue(
  client: Registry,
  household: Household,
  run: string,
  seeded: Seeded,
): Promise<IssuedDevice> {
  const { device } = household
  const post = async (id: string) => {
    const issued = issuedSchema.parse(await client.post('/devices', { ...device, id }))
    seeded.created++
    return { id: issued.device.id, secret: issued.secret, household }
  }
  if (seeded.suffix === undefined) {
    try {
      return await post(device.id)
    } catch (error) {
      if (!isConflict(error)) throw error
      seeded.suffix = `-${run}`
    }
  }
  await archiveEarlier(client, household)
  return post(device.id + seeded.suffix)
}

/** Nobody has the secrets of earlier runs any more: their wearables would only be silent for ever. */
async function archiveEarlier(client: Registry, { device }: Household): Promise<void> {
  const { items } = wornSchema.parse(await client.get(`/devices?residentId=${device.residentId}`))
  const earlier = items.filter(({ id }) => id === device.id || id.startsWith(`${device.id}-`))
  for (const { id } of earlier) await client.delete(`/devices/${id}`)
}

async function isNew(post: () => Promise<unknown>): Promise<boolean> {
  try {
    await post()
    return true
  } catch (error) {
    if (isConflict(error)) return false
    throw error
  }
}

const isConflict = (error: unknown): boolean => error instanceof HubError && error.code === 'CONFLICT'

/** Runs `work` over the items, so many at a time; the first failure ends it. */
async function eachOf<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
