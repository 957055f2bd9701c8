// Who works in the demo's district, and who looks after somebody in it. All of them have the demo's one password.

import type { Role } from '../model/user.ts'
import type { Records } from '../records/db.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import { createUser } from '../records/users.ts'

export type DemoAccount = { id: string; username: string; name: string; role: Role }

/** For whoever looks at the demo; nobody else signs in with these. */
export const FOR_VISITORS = [
  { id: 'demo-operator', username: 'operator', name: '林晓', role: 'operator' },
  { id: 'demo-supervisor', username: 'supervisor', name: '宋班长', role: 'supervisor' },
  { id: 'demo-family', username: 'family', name: '家属', role: 'family' },
] as const satisfies readonly DemoAccount[]

/** They sit at the desk, or are sent. */
export const OPERATORS = [
  { id: 'demo-chen', username: 'chen', name: '陈静', role: 'operator' },
  { id: 'demo-liu', username: 'liu', name: '刘洋', role: 'operator' },
  { id: 'demo-zhang', username: 'zhang', name: '张敏', role: 'operator' },
  { id: 'demo-yu', username: 'yu', name: '于海燕', role: 'operator' },
] as const satisfies readonly DemoAccount[]

export const RESPONDERS = [
  { id: 'demo-he', username: 'he', name: '何网格员', role: 'responder' },
  { id: 'demo-xu', username: 'xu', name: '徐网格员', role: 'responder' },
  { id: 'demo-sun', username: 'sun', name: '孙护理员', role: 'responder' },
] as const satisfies readonly DemoAccount[]

export const SWITCH = {
  id: 'demo-switch',
  username: 'switch',
  name: '电话交换机',
  role: 'integration',
} as const satisfies DemoAccount

const ACCOUNTS: readonly DemoAccount[] = [...FOR_VISITORS, ...OPERATORS, ...RESPONDERS, SWITCH]

/** All of them have the password of this start: one that was public once does not stay behind it. */
export async function renewPasswords(records: Records, passwordHash: string): Promise<void> {
  const ids = ACCOUNTS.map(({ id }) => id)
  await records.db.updateTable('users').set({ passwordHash }).where('id', 'in', ids).execute()
}

export async function createAccounts(
  records: Records,
  { areaId, passwordHash, at }: { areaId: string; passwordHash: string; at: number },
): Promise<void> {
  for (const account of ACCOUNTS)
    await createUser(records, { scope: WHOLE_HUB, at, user: { ...account, areaId, passwordHash } })
}
