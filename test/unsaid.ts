// An elder of whom the registry knows no more than the name.

export const UNSAID = {
  gender: null,
  birthYear: null,
  phone: null,
  address: null,
  accessNotes: null,
  medicalNotes: null,
} as const
