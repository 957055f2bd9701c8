// The words of the account's screens in English.

import type { AccountWords } from './words.zh.ts'

export const en: AccountWords = {
  title: 'My account',
  username: 'User name',
  role: 'Role',

  password: 'Password',
  passwordLead: 'Once it is changed, you are signed out everywhere else.',
  passwordNow: 'Password now',
  passwordNew: 'New password',
  passwordRepeat: 'New password once more',
  passwordHint: characters =>
    `At least ${characters} characters; length counts for more than signs. Not your user name.`,
  passwordChange: 'Change the password',
  passwordChanged: 'The password is changed, and you are signed out everywhere else.',
  passwordWrong: 'The password is wrong.',
  passwordBad: characters => `It takes at least ${characters} characters, and must not be your user name.`,
  passwordsDiffer: 'The new passwords are not the same.',

  factor: 'Second factor',
  factorLead:
    'To sign in, the six digits of an authenticator on your phone are needed besides the password. Whoever learns the password still stays outside.',
  factorRequired: 'This hub demands it of everybody who works here.',
  factorIs: { off: 'Not set up', to_confirm: 'Not confirmed yet', on: 'On' },
  factorSetUp: 'Set it up',
  factorSetUpAgain: 'Set it up anew',
  codesLeft: count => `${count} recovery ${count === 1 ? 'code' : 'codes'} left`,
  codesFew: 'Few recovery codes are left. Make new ones.',
  newCodes: 'Make new recovery codes',
  newCodesLead: 'The old ones stop working.',
  remove: 'Turn it off',
  removeLead: 'The password alone will sign you in then.',
  codeNow: 'Code now',
  codeWrong:
    'The code is wrong, or was used already. Wait for the next one; the clock of the phone must be right.',
  confirmPassword: 'First, prove that it is you',
  goOn: 'Go on',

  enrolTitle: 'Set up a second factor first',
  enrolLead:
    'This hub asks for a second proof when you sign in. It takes a minute, and an authenticator on your phone.',
  step: number => `Step ${number}`,
  scan: 'Scan it with the authenticator on your phone',
  scanLabel: 'QR code for the authenticator',
  scanLead: 'Any authenticator for TOTP will do. If it cannot scan, type this key into it:',
  typeCode: 'Type the six digits that it shows',
  confirm: 'Confirm and turn on',
  codesTitle: 'Keep the recovery codes',
  codesLead:
    'Should you lose the phone, each of them stands for one code. They are shown here once and never again: print them, or write them down, and keep them safe.',
  codesCopy: 'Copy',
  codesCopied: 'Copied',
  codesSave: 'Save as a file',
  codesFile: 'anxin-recovery-codes.txt',
  codesKept: 'I have kept them',

  sessions: 'Where you are signed in',
  sessionsLead: 'End what you do not know at once, and change your password.',
  sessionHere: 'Here, now',
  sessionSince: time => `Signed in ${time}`,
  sessionUntil: time => `Ends ${time} if it is not used`,
  sessionEnd: 'End this one',
  sessionsEnd: 'Sign out everywhere else',
  sessionEnded: 'Ended.',
  sessionsAlone: 'Nowhere else.',
  loading: 'Reading…',
}
