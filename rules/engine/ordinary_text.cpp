#include "rules/engine/cost.h"

namespace lastgasp {

std::string_view ordinary_text() {
  return R"([    0.000000] Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld 2.40) #1 SMP
[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64 root=UUID=5be9f0f2-6a57 ro console=ttyS0,115200n8
[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
[    0.000000] BIOS-e820: [mem 0x00000000bffdf000-0x00000000bfffffff] reserved
[    0.153846] pci 0000:00:02.0: [1234:1111] type 00 class 0x030000
[    0.154812] pci 0000:00:02.0: reg 0x10: [mem 0xfd000000-0xfdffffff pref]
[    0.412337] clocksource: tsc-early: mask: 0xffffffffffffffff max_cycles: 0x2b2c8ec87c7, max_idle_ns: 440795278598 ns
[    1.093021] EXT4-fs (sda1): mounted filesystem with ordered data mode. Quota mode: none.
[    2.740021] systemd[1]: Started Journal Service.
[   14.882913] e1000e 0000:00:19.0 eno1: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx
[ 4021.113402] device veth3a9c11e entered promiscuous mode
[  OK  ] Reached target Network is Online.
         Starting Record System Boot/Shutdown in UTMP...
Debian GNU/Linux 12 pe1.fra3 ttyS0
pe1.fra3 login:
Last login: Sat Nov 21 18:42:07 UTC 2026 from 192.0.2.17 on pts/0
Nov 21 18:43:11.204: %LINK-3-UPDOWN: Interface GigabitEthernet0/0/1, changed state to up
Nov 21 18:43:12.207: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/0/1, changed state to up
*Mar  1 00:00:07.823: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (198.51.100.4)
000341: Nov 21 18:45:00.117 UTC: %BGP-5-ADJCHANGE: neighbor 203.0.113.9 Up
000342: Nov 21 18:45:31.730 UTC: %SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: noc] [Source: 198.51.100.4] [localport: 22]
RP/0/RSP0/CPU0:Nov 21 18:46:02.311 : ifmgr[236]: %PKT_INFRA-LINK-3-UPDOWN : Interface TenGigE0/1/0/3, changed state to Down
RP/0/RSP0/CPU0:Nov 21 18:46:03.928 : bgp[1056]: %ROUTING-BGP-5-ADJCHANGE : neighbor 2001:db8:0:12::1 Up (VRF: default) (AS: 64512)
2026 Nov 21 18:47:55 leaf12 %ETHPORT-5-IF_UP: Interface Ethernet1/17 is up in mode trunk
2026 Nov 21 18:47:56 leaf12 %VPC-6-PEER_VPC_CFGD: peer vPC configuration matched for vPC 117
Nov 21 18:48:02 spine2 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet49/1, changed state to up
Nov 21 18:48:03  mx480-re0 rpd[5234]: BGP_PREFIX_THRESH_EXCEEDED: 192.0.2.1 (External AS 64500): Configured maximum prefix-limit threshold(90)
Nov 21 18:48:07  mx480-re0 mgd[11873]: UI_CMDLINE_READ_LINE: User 'noc', command 'show interfaces terse | match ge- '
Nov 21 18:49:00 pe1 sshd[20817]: Accepted publickey for noc from 198.51.100.4 port 51514 ssh2: ED25519 SHA256:q0m9b5Vt1T
Nov 21 18:50:01 pe1 CRON[20921]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)
U-Boot 2023.01+dfsg-2+deb12u1 (Jul 02 2024 - 21:12:47 +0000)
DRAM:  256 MiB
Loading Environment from Flash... *** Warning - bad CRC, using default environment
Net:   eth0: virtio-net#32
Hit any key to stop autoboot:  2  1  0
Booting `Debian GNU/Linux'
Loading initial ramdisk ...
FreeBSD 13.2-RELEASE-p4 GENERIC amd64
CPU: Intel(R) Xeon(R) CPU D-1528 @ 1.90GHz (1900.05-MHz K8-class CPU)
em0: <Intel(R) Legacy PRO/1000 MT 82540EM> port 0xc000-0xc03f mem 0xfebc0000-0xfebdffff irq 11 at device 3.0 on pci0
ada0: 16384MB (33554432 512 byte sectors)
Trying to mount root from ufs:/dev/ada0p2 [rw]...
cisco ASR1001-X (1NG) processor (revision 1NG) with 3762991K/6147K bytes of memory.
Processor board ID JAE1830095N
32768K bytes of non-volatile configuration memory.
Interface              IP-Address      OK? Method Status                Protocol
GigabitEthernet0/0/0   192.0.2.33      YES NVRAM  up                    up
GigabitEthernet0/0/1   unassigned      YES NVRAM  administratively down down
Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
203.0.113.9     4        64496 1880321  921044  5500173    0    0 24w3d       948211
  5 minute input rate 184402000 bits/sec, 31093 packets/sec
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
  Hardware is BUILT-IN-2T+6X1GE, address is 7c31.0e5a.b801 (bia 7c31.0e5a.b801)
Physical interface: xe-0/0/1, Enabled, Physical link is Up, Current address: 00:05:86:71:2c:01, Hardware address: 00:05:86:71:2c:01
B>* 0.0.0.0/0 [20/0] via 203.0.113.9, eth0, weight 1, 3w4d11h
pe1# show ip route summary
router bgp 64512
 neighbor 203.0.113.9 remote-as 64496
 neighbor 203.0.113.9 description transit; 10G, circuit DE-FRA-00417/A
!
00000000: 7f45 4c46 0201 0100 0000 0000 0000 0000 0300 3e00 0100 0000  .ELF..............>.....
00000020: 8a3f c09e 51d2 7be4 006f 12aa 93c8 5e07 f1b6 2d84 9c30 e75b  .?..Q.{..o....^...-..0.[
0x7ffd0a10: d41d8cd9 8f00b204 e9800998 ecf8427e a54d88e0 6612d820 bc3be72b
aaaaaaaaaaaaaaaa ................................ ######################################## 100%
-----BEGIN CERTIFICATE-----
MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJRTESMBAGA1UEChMJ
QmFsdGltb3JlMRMwEQYDVQQLEwpDeWJlclRydXN0MSIwIAYDVQQDExlCYWx0aW1vcmUgQ3liZXJUcnVz
)";
}

}  // namespace lastgasp
