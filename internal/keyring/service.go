package keyring

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/hashicorp/vault/api"
	"gocloud.dev/secrets"
	"gocloud.dev/secrets/awskms"
	"gocloud.dev/secrets/azurekeyvault"
	"gocloud.dev/secrets/gcpkms"
	"gocloud.dev/secrets/hashivault"
)

// openService opens a key of a key service. Their clients try again by
// themselves when a call fails, as long as keeperLimit lets them.
func openService(ctx context.Context, u *url.URL) (masterKey, error) {
	var keeper *secrets.Keeper
	var err error
	switch u.Scheme {
	case awskms.Scheme, gcpkms.Scheme:
		keeper, err = secrets.DefaultURLMux().OpenKeeperURL(ctx, u)
	case azurekeyvault.Scheme:
		// What was encrypted does not say under which version, and the driver
		// would ask the latest.
		if parts := strings.Split(strings.Trim(u.Path, "/"), "/"); len(parts) != 3 {
			return masterKey{}, errors.New("azurekeyvault wants the key's version, as in azurekeyvault://NAME.vault.azure.net/keys/KEY/VERSION: after a rotation there, nothing could be opened")
		}
		keeper, err = secrets.DefaultURLMux().OpenKeeperURL(ctx, u)
	case hashivault.Scheme:
		keeper, err = openVault(u)
	default:
		return masterKey{}, fmt.Errorf("the scheme %q is not supported; want file:///PATH, base64key://KEY, awskms, gcpkms, azurekeyvault or hashivault", u.Scheme)
	}
	if err != nil {
		return masterKey{}, fmt.Errorf("open the key service: %w", err)
	}
	id := sha256.Sum256([]byte(u.String()))
	return masterKey{id: hex.EncodeToString(id[:idBytes]), keeper: keeper, remote: true}, nil
}

// openVault is not left to the driver's own opening: its client would not try
// again, shares one engine among all keys, and ignores the limit of a context.
// The address and the token come from VAULT_ADDR and VAULT_TOKEN.
func openVault(u *url.URL) (*secrets.Keeper, error) {
	query := u.Query()
	engine := query.Get("engine")
	query.Del("engine")
	if len(query) > 0 {
		return nil, errors.New("hashivault knows no parameter but engine")
	}
	config := api.DefaultConfig()
	if config.Error != nil {
		return nil, config.Error
	}
	config.Timeout = keeperLimit
	client, err := api.NewClient(config)
	if err != nil {
		return nil, err
	}
	return hashivault.OpenKeeper(client, path.Join(u.Host, u.Path), &hashivault.KeeperOptions{Engine: engine}), nil
}
