package blobstore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Concern is something about a bucket's settings that endangers the promise to
// delete, or to keep. It is a label of the metrics; Advice is the sentence.
type Concern string

// The concerns.
const (
	Versioned  Concern = "versioned"    // deleted blobs stay as versions
	NoRule     Concern = "no_rule"      // nothing deletes what was forgotten
	RuleEarly  Concern = "rule_early"   // a rule may delete what is edited for days
	RuleOnHeld Concern = "rule_on_held" // a rule deletes what restricted photos have
	NotSeen    Concern = "not_seen"     // the settings could not be read
)

// Advice is what to do, in plain words.
func (c Concern) Advice() string {
	return map[Concern]string{
		Versioned:  "the bucket keeps versions of deleted blobs: suspend versioning and delete what it has kept",
		NoRule:     "no lifecycle rule of the bucket deletes forgotten pictures after 14 days: set deploy/s3-lifecycle.json",
		RuleEarly:  "a lifecycle rule of the bucket deletes pictures before 14 days are over: set deploy/s3-lifecycle.json",
		RuleOnHeld: "a lifecycle rule of the bucket deletes pictures of restricted photos: set deploy/s3-lifecycle.json",
		NotSeen:    "the bucket's versioning or lifecycle rules could not be read: allow s3:GetBucketVersioning and s3:GetLifecycleConfiguration, or look yourself",
	}[c]
}

// Concerns looks at the settings of the bucket; a directory has none.
func (s *Store) Concerns(ctx context.Context) []Concern {
	var client *s3.Client
	if s.dir != "" || !s.bucket.As(&client) {
		return nil
	}
	return concerns(ctx, client, s.name)
}

func concerns(ctx context.Context, client *s3.Client, bucket string) (all []Concern) {
	versions, err := client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &bucket})
	unseen := err != nil
	if err == nil && versions.Status == types.BucketVersioningStatusEnabled {
		all = append(all, Versioned)
	}
	rules, err := client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: &bucket})
	var refusal smithy.APIError
	switch {
	case err == nil:
		all = append(all, judge(rules.Rules)...)
	case errors.As(err, &refusal) && refusal.ErrorCode() == "NoSuchLifecycleConfiguration":
		all = append(all, NoRule)
	default:
		unseen = true
	}
	if unseen {
		all = append(all, NotSeen)
	}
	return all
}

// judge says what is wrong with a bucket's rules.
func judge(rules []types.LifecycleRule) (all []Concern) {
	var net, early, onHeld bool
	for _, r := range rules {
		days, deletes := deletesAfter(r)
		if !deletes {
			continue
		}
		on, whole := scope(r)
		if meets(on, vault.Shelf) {
			early = early || days < retention.BucketRule
			net = net || whole && strings.HasPrefix(vault.Shelf, on)
		}
		onHeld = onHeld || meets(on, vault.HeldShelf)
	}
	for _, c := range []struct {
		concern Concern
		holds   bool
	}{{NoRule, !net}, {RuleEarly, early}, {RuleOnHeld, onHeld}} {
		if c.holds {
			all = append(all, c.concern)
		}
	}
	return all
}

// deletesAfter says at what age a rule deletes, if it does.
func deletesAfter(r types.LifecycleRule) (time.Duration, bool) {
	e := r.Expiration
	switch {
	case r.Status != types.ExpirationStatusEnabled || e == nil:
		return 0, false
	case e.Days != nil:
		return time.Duration(*e.Days) * 24 * time.Hour, true
	}
	return 0, e.Date != nil // a date comes for blobs of any age
}

// scope is the prefix of the names that a rule is for, and whether it is for all of
// these and not only for some sizes or tags.
func scope(r types.LifecycleRule) (prefix string, whole bool) {
	f := r.Filter
	switch {
	case f == nil:
		return aws.ToString(r.Prefix), true //nolint:staticcheck // what old rules have
	case f.And != nil:
		return aws.ToString(f.And.Prefix), false
	}
	return aws.ToString(f.Prefix), f.Tag == nil && f.ObjectSizeGreaterThan == nil && f.ObjectSizeLessThan == nil
}

// meets reports whether a rule on a prefix can be for something in a folder.
func meets(prefix, folder string) bool {
	return strings.HasPrefix(prefix, folder) || strings.HasPrefix(folder, prefix)
}
