package storage

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/disclosure"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// DeskMeans are what a process brings for its desk.
type DeskMeans struct {
	Eraser privacydesk.Eraser
	Queue  privacydesk.Queue
	// Calendar is the controller's, which a process reads once.
	Calendar subjectrequest.Calendar
	Log      *slog.Logger
	Now      func() time.Time
}

// Desk is where requests of data subjects are taken in and answered.
func (s *Storage) Desk(cfg config.Config, m DeskMeans) (*privacydesk.Desk, error) {
	writer, err := Writer(cfg)
	if err != nil {
		return nil, err
	}
	key, err := requesterKey(cfg)
	if err != nil {
		return nil, err
	}
	return privacydesk.New(privacydesk.Options{
		Requests: s.Requests, Locks: s.Requests, Photos: s.Photos, Eraser: m.Eraser,
		Statistics: s.Statistics, AccessLines: s.AccessLog, Contests: s.Contests, Trail: s.Audit,
		Disclosures: disclosed{s.Disclosures, cfg.Controller()}, Registers: filed{s}, Queue: m.Queue,
		Calendar: m.Calendar, Writer: writer, RequesterKey: key,
		Authority: cfg.ComplaintAuthority, ShineTheLight: cfg.ShineTheLightEmail, Log: m.Log, Now: m.Now,
	}), nil
}

// Writer writes letters in the controller's name.
func Writer(cfg config.Config) (letter.Writer, error) {
	zone, err := cfg.TimeZone()
	if err != nil {
		return letter.Writer{}, fmt.Errorf("CONTROLLER_TIME_ZONE: %w", err)
	}
	return letter.Writer{Site: cfg.Site(), From: cfg.ControllerName, Zone: zone}, nil
}

// requesterKey is made from the signing key, which all processes of an installation
// share and nobody else has.
func requesterKey(cfg config.Config) ([]byte, error) {
	seed, err := signingSeed(cfg)
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, seed[:], nil, "who asked for Shine the Light", sha256.Size)
}

// disclosed words answers from the register of disclosures.
type disclosed struct {
	register   *sqlstore.Disclosures
	controller policy.Controller
}

// Answer implements privacydesk.Disclosures.
func (d disclosed) Answer(ctx context.Context, year int) (string, error) {
	entries, err := d.register.In(ctx, year)
	if err != nil {
		return "", err
	}
	return disclosure.Answer(year, entries, d.controller), nil
}

// filed is what lies under an address in the registers.
type filed struct{ *Storage }

// Forget implements privacydesk.Filed. Notes on complaints are found by the address that
// the complaints forget after them.
func (f filed) Forget(ctx context.Context, a email.Address, by subjectrequest.By) error {
	if _, err := f.SupportNotes.Forget(ctx, a); err != nil {
		return err
	}
	if _, err := f.Complaints.Forget(ctx, a, complaint.By{Actor: by.Actor, Now: by.Now}); err != nil {
		return err
	}
	return f.Letters.ForgetTo(ctx, a)
}
