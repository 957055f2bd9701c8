// One account: who it is, how it signs in, and what an administrator can do about that.

import type { SecondFactorState, SessionInfo, User } from '../../../model/user.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useLanguage, useWords } from '../../shell/language.tsx'
import { Link } from '../../shell/link.tsx'
import { changesOf, type ListOf } from '../answers.ts'
import { areaPath } from '../area-tree.ts'
import { ConfirmButton } from '../parts/confirm.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { Card, Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { sayTime } from '../say-time.ts'
import { pathOf } from '../sections.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import { userFields } from './users-part.tsx'

export function UserPage({ id }: { id: string }) {
  const words = useRegistryWords()
  const http = useHttp()
  const user = useAnswer<User>(id, () => http.get(`users/${encodeURIComponent(id)}`))
  return (
    <>
      <Link to={pathOf('users')} className="registry-back">
        ‹ {words.back}
      </Link>
      <Settled of={user}>{value => <Whole account={value} reload={user.reload} />}</Settled>
    </>
  )
}

function Whole({ account, reload }: { account: User; reload(): Promise<void> }) {
  const words = useRegistryWords()
  const shared = useWords()
  const http = useHttp()
  const { rights, areas, user, tell, goTo } = useRegistry()
  const { id, name, username, role, areaId, archivedAt } = account
  const isOwn = id === user.id
  const isLive = archivedAt === null
  return (
    <>
      <header className="registry-head">
        <h1>{name}</h1>
        <p className="registry-sub">
          <code>{username}</code>
          <span>{shared.role[role]}</span>
          <span>{areaPath(areas, areaId, 3)}</span>
          {!isLive && <span className="mark is-warn">{words.devices.archived}</span>}
        </p>
        {rights.edits && isLive && !isOwn && (
          <ConfirmButton
            label={words.users.archive}
            sure={words.users.archiveSure}
            act={() => http.delete(`users/${id}`)}
            onDone={() => {
              tell({ tone: 'good', text: words.users.archived })
              goTo(pathOf('users'))
            }}
          />
        )}
      </header>
      {rights.edits && isLive && (
        <div className="registry-cards">
          <Card title={words.residents.data} lead={isOwn ? words.users.own : undefined}>
            <RecordForm
              draft={`user ${id}`}
              fields={[
                ...userFields(words, shared.role, isOwn),
                {
                  name: 'password',
                  label: words.users.passwordAnew,
                  as: 'password',
                  hint: words.users.passwordAnewHint,
                },
              ]}
              initial={{ name, role, areaId }}
              onSubmit={async ({ password, ...values }) => {
                const change = { ...changesOf(account, values), ...(password !== null && { password }) }
                if (Object.keys(change).length === 0)
                  return void tell({ tone: 'good', text: words.nothingChanged })
                const answer = await http.patch<User>(`users/${id}`, change)
                if (!answer.ok) return answer.problem
                tell({ tone: 'good', text: words.saved })
                await reload()
                return undefined
              }}
            />
          </Card>
          <SignInCard account={account} isOwn={isOwn} />
        </div>
      )}
    </>
  )
}

type SignInStanding = { secondFactor: SecondFactorState; blockedUntil: number | null }

function SignInCard({ account, isOwn }: { account: User; isOwn: boolean }) {
  const words = useRegistryWords()
  const language = useLanguage()
  const http = useHttp()
  const { tell } = useRegistry()
  const said = words.users
  const path = `users/${account.id}`
  const standing = useAnswer<SignInStanding>(`${path}/sign-in`, () => http.get(`${path}/sign-in`))
  const sessions = useAnswer<ListOf<SessionInfo>>(`${path}/sessions`, () => http.get(`${path}/sessions`))
  const done = (text: string) => () => {
    tell({ tone: 'good', text })
    void standing.reload()
    void sessions.reload()
  }
  return (
    <Card title={said.signIn}>
      <Settled of={standing}>
        {({ secondFactor, blockedUntil }) => (
          <>
            <p className="registry-line">
              {said.secondFactor}
              <strong>{said.secondFactors[secondFactor]}</strong>
              {!isOwn && secondFactor !== 'off' && (
                <ConfirmButton
                  small
                  label={said.resetFactor}
                  sure={said.resetFactorSure}
                  act={() => http.delete(`${path}/second-factor`)}
                  onDone={done(said.factorReset)}
                />
              )}
            </p>
            {blockedUntil !== null && (
              <p className="registry-line">
                {said.blockedUntil(sayTime(blockedUntil, language))}
                <ConfirmButton
                  small
                  danger={false}
                  label={said.unlock}
                  sure={words.sure}
                  act={() => http.post(`${path}/unlock`)}
                  onDone={done(said.unlocked)}
                />
              </p>
            )}
          </>
        )}
      </Settled>
      <Settled of={sessions}>
        {({ items }) => (
          <p className="registry-line">
            {said.sessions(items.length)}
            {!isOwn && items.length > 0 && (
              <ConfirmButton
                small
                label={said.signOutAll}
                sure={said.signOutAllSure}
                act={() => http.delete(`${path}/sessions`)}
                onDone={done(said.signedOut)}
              />
            )}
          </p>
        )}
      </Settled>
    </Card>
  )
}
