package main

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/mail"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/postman"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/traced"
)

// postOffice is what letters pass through on their way.
type postOffice struct {
	letters *sqlstore.Letters
	queue   *tasks.Queue
	meter   *metrics.Letters
}

// mail opens the way to the mail server, if one is configured.
func (a *App) mail(cfg config.Config, s Surroundings, o postOffice) (scheduler.Mailing, error) {
	mailing := scheduler.Mailing{Outbox: o.letters, Meter: o.meter}
	if cfg.SMTPURL == "" {
		s.Log.Warn("no mail server is configured (SMTP_URL): letters wait, and are given up after three days")
		return mailing, nil
	}
	server, err := mail.New(mail.Options{URL: cfg.SMTPURL, From: cfg.MailFrom, ReplyTo: cfg.PrivacyEmail, Now: s.Now})
	if err != nil {
		return mailing, err
	}
	a.postman = postman.New(postman.Options{Outbox: o.letters, Carrier: traced.Letters(server, a.tracer), Meter: o.meter, Log: s.Log, Now: s.Now})
	mailing.Queue = o.queue
	return mailing, nil
}

// reminding adds to whom reminders go, and how they are written. In development there
// may be nobody.
func reminding(cfg config.Config, r scheduler.Reminding) (_ scheduler.Reminding, err error) {
	if cfg.PrivacyEmail == "" {
		r.Log.Warn("nobody is reminded of what is due: PRIVACY_EMAIL is not set")
		return r, nil
	}
	if r.Officer, err = email.Parse(cfg.PrivacyEmail); err != nil {
		return r, fmt.Errorf("PRIVACY_EMAIL: %w", err)
	}
	r.Writer, err = storage.Writer(cfg)
	return r, err
}

// How letters are sent: several at a time, for a mail server may take seconds over each.
const (
	deliveries   = 4
	deliveryPoll = 200 * time.Millisecond
)

// deliver serves the queue of letters until ctx ends.
func (a *App) deliver(ctx context.Context) error {
	return tasks.Serve(ctx, a.redis, tasks.ServeOptions{
		Queue: tasks.Mail, Concurrency: deliveries, Poll: deliveryPoll, Log: a.log, Tracer: a.tracer,
	}, scheduler.DeliverLetters(a.postman))
}
