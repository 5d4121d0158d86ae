package ioctl_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

func TestTee(t *testing.T) {
	do := func(result int64, cmd, arg uintptr) string { return decodetest.As(result, unix.SYS_IOCTL, 4, cmd, arg) }
	invoke := decodetest.Mem([14]uint32{1, 0xbeef, 2, 3, 4, 1, 0x105, 0, 16, 0, 32, 0, 7})
	open := decodetest.Mem([22]uint32{0: 0xefbeadde, 8: 6, 4: 1000, 10: 5, 12: 1, 13: 1, 14: 5, 16: 16, 18: 32, 20: 7})
	buf := func(addr uintptr, size uint64) uintptr { return decodetest.Mem([2]uint64{uint64(addr), size}) }
	for _, c := range []struct {
		result   int64
		cmd, arg uintptr
		want     string
	}{
		{0, names.TEE_IOC_VERSION, decodetest.Mem([3]uint32{1, 1, 5}), `ioctl(4, TEE_IOC_VERSION, {impl_id=TEE_IMPL_ID_OPTEE, gen_caps=TEE_GEN_CAP_GP|TEE_GEN_CAP_REG_MEM, impl_caps=TEE_OPTEE_CAP_TZ}) = 0`},
		{5, names.TEE_IOC_SHM_ALLOC, decodetest.Mem([2]uint64{4096, 1 << 32}), `ioctl(4, TEE_IOC_SHM_ALLOC, {size=0x1000, flags=0} => {size=0x1000, flags=0, id=1}) = 5`},
		{-22, names.TEE_IOC_SHM_ALLOC, 0xdeadbeef, `ioctl(4, TEE_IOC_SHM_ALLOC, 0xdeadbeef) = -1 EINVAL (Invalid argument)`},
		{0, names.TEE_IOC_INVOKE, buf(invoke, 56), `ioctl(4, TEE_IOC_INVOKE, {buf_len=56, buf_ptr={func=1, session=0xbeef, cancel_id=2, num_params=1, ` +
			`params=[{attr=TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT|TEE_IOCTL_PARAM_ATTR_META, a=0x10, b=0x20, c=0x7}]} => {ret=3, ret_origin=TEEC_ORIGIN_TRUSTED_APP, ` +
			`params=[{attr=TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT|TEE_IOCTL_PARAM_ATTR_META, a=0x10, b=0x20, c=0x7}]}}) = 0`},
		{-22, names.TEE_IOC_INVOKE, buf(invoke, 57), `ioctl(4, TEE_IOC_INVOKE, {buf_len=57, buf_ptr=‹hex›}) = -1 EINVAL (Invalid argument)`},
		{-22, names.TEE_IOC_OPEN_SESSION, buf(open, 88), `ioctl(4, TEE_IOC_OPEN_SESSION, {buf_len=88, buf_ptr={uuid=deadbeef-0000-0000-0000-000000000000, clnt_login=TEE_IOCTL_LOGIN_GROUP_APPLICATION, ` +
			`clnt_uuid=1000, cancel_id=0, num_params=1, params=[{attr=TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT, shm_offs=0x10, size=0x20, shm_id=7}]}}) = -1 EINVAL (Invalid argument)`},
		// The parameters lie behind the memory.
		{-22, names.TEE_IOC_SUPPL_SEND, buf(decodetest.LastBytes(t, 0, 0, 0, 0, 1, 0, 0, 0), 40), `ioctl(4, TEE_IOC_SUPPL_SEND, {buf_len=40, buf_ptr={num_params=1, params=‹hex›}}) = -1 EINVAL (Invalid argument)`},
	} {
		decodetest.WantLine(t, do(c.result, c.cmd, c.arg), c.want)
	}
	decodetest.InStyle(text.StyleRaw, func() {
		decodetest.WantLine(t, do(0, names.TEE_IOC_VERSION, decodetest.Mem([3]uint32{1, 1, 5})), `ioctl(4, 0x800ca400, {impl_id=0x1, gen_caps=0x5, impl_caps=0x1}) = 0`)
	})
}
