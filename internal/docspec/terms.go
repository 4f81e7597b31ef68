package docspec

// Kind is the sort of document.
type Kind string

// The kinds. A travel permit stands in for a passport or visa (a stateless
// person's paper, a permit for Hong Kong); a certificate is a paper that a photo
// is attached to, such as a police clearance.
const (
	Passport        Kind = "passport"
	Visa            Kind = "visa"
	IDCard          Kind = "id_card"
	ResidencePermit Kind = "residence_permit"
	WorkPermit      Kind = "work_permit"
	DrivingLicence  Kind = "driving_licence"
	Citizenship     Kind = "citizenship"
	TravelPermit    Kind = "travel_permit"
	VoterCard       Kind = "voter_card"
	TaxCard         Kind = "tax_card"
	Certificate     Kind = "certificate"
	CustomKind      Kind = "custom"
)

// Crown is the top of the head that a head height is measured to.
type Crown string

// Skull ignores the hair, Hair includes it; CrownUnknown means the authority
// does not say, and a careful photo satisfies both.
const (
	Skull        Crown = "skull"
	Hair         Crown = "hair"
	CrownUnknown Crown = "unknown"
)

// Alteration is what may be done to the picture beyond cropping, levelling,
// scaling and compression.
type Alteration string

// FormatOnly forbids everything else; BackgroundAllowed lets the background be
// replaced. With baseline certainty BackgroundAllowed means only that no rule
// against it was found.
const (
	FormatOnly        Alteration = "format_only"
	BackgroundAllowed Alteration = "background_allowed"
)

// PhotoSource is who may take the photo.
type PhotoSource string

// From anyone to nobody but the office itself. SourceUnknown means that no rule
// was found, which is not a permission.
const (
	SourceUnknown    PhotoSource = "unknown"
	Self             PhotoSource = "self"
	Professional     PhotoSource = "professional"
	ApprovedProvider PhotoSource = "approved_provider"
	AtOffice         PhotoSource = "at_office"
)

// Channel is how a photo reaches the office.
type Channel string

// A file, a paper print, or a code under which a provider stored it.
const (
	ChannelUnknown Channel = "unknown"
	Upload         Channel = "upload"
	Print          Channel = "print"
	Code           Channel = "code"
)

// Delivery is what the office wants to receive.
type Delivery string

// FinishedCrop is the photo at its final framing. Uncropped means that the
// office crops: it wants head, shoulders and upper body.
const (
	FinishedCrop Delivery = "finished_crop"
	Uncropped    Delivery = "uncropped"
)

// PrintBy is who may print a photo.
type PrintBy string

// Anyone at home, or a professional only. PrintByUnknown means that no rule was
// found.
const (
	PrintByUnknown      PrintBy = "unknown"
	PrintByAnyone       PrintBy = "anyone"
	PrintByProfessional PrintBy = "professional"
)
