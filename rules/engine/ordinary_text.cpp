#include "rules/engine/ordinary_text.h"

namespace lastgasp {

namespace {

constexpr std::string_view kText =
    R"([    0.000000] Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld 2.40) #1 SMP
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
Nov 21 18:51:13 core1 sshd[21002]: Failed password for invalid user admin from 203.0.113.77 port 40122 ssh2
Nov 21 18:51:14 core1 sshd[21002]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.77
Nov 21 18:51:15 core1 sshd[21002]: Connection closed by invalid user admin 203.0.113.77 port 40122 [preauth]
Nov 21 18:52:40 edge3 ntpd[812]: Soliciting pool server 192.0.2.123; time sync error 0.004 s, stratum 2
Nov 21 18:52:41 edge3 dhclient[644]: DHCPREQUEST for 192.0.2.61 on eth0 to 192.0.2.1 port 67
Nov 21 18:53:00 edge3 systemd[1]: Starting Daily apt download activities...
Nov 21 18:53:02 edge3 systemd[1]: apt-daily.service: Deactivated successfully.
Nov 21 18:53:09 edge3 snmpd[901]: Connection from UDP: [198.51.100.9]:51811->[192.0.2.1]:161
Nov 21 18:53:31 edge3 bgpd[1201]: %NOTIFICATION: sent to neighbor 203.0.113.9 4/0 (Hold Timer Expired/<unknown code>) 0 bytes
Nov 21 18:53:44 edge3 zebra[1188]: interface eth4 vrf default index 6 changed <UP,BROADCAST,RUNNING,MULTICAST>.
Nov 21 18:54:10.118: %DUAL-5-NBRCHANGE: EIGRP-IPv4 64512: Neighbor 192.0.2.14 (GigabitEthernet0/0/2) is down: holding time expired
Nov 21 18:54:11.004: %OSPF-5-ADJCHG: Process 1, Nbr 192.0.2.14 on GigabitEthernet0/0/2 from LOADING to FULL, Loading Done
Nov 21 18:54:12.530: %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: guest] [Source: 203.0.113.77] [localport: 22] [Reason: Login Authentication Failed]
Nov 21 18:54:30.221: %SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 198.51.100.5 port 514 started - CLI initiated
Nov 21 18:55:01.870: %SNMP-3-AUTHFAIL: Authentication failure for SNMP req from host 203.0.113.50
Nov 21 18:55:20.410: %CDP-4-DUPLEX_MISMATCH: duplex mismatch discovered on GigabitEthernet0/0/7 (not half duplex), with sw17 FastEthernet0/1
Nov 21 18:55:41.003: %PLATFORM_ENV-6-FRU_PS_OIR: FRU Power Supply 1 inserted
RP/0/RP0/CPU0:Nov 21 18:56:10.020 UTC: config[65912]: %MGBL-CONFIG-6-DB_COMMIT : Configuration committed by user 'noc'. Use 'show configuration commit changes 1000000123' to view the changes.
RP/0/RP0/CPU0:Nov 21 18:56:11.441 UTC: isis[1010]: %ROUTING-ISIS-5-ADJCHANGE : Adjacency to edge4 (TenGigE0/0/0/1) (L2) Up, Restarted
LC/0/1/CPU0:Nov 21 18:56:12.009 UTC: npu_drvr[301]: %PLATFORM-NPU-6-INFO : counters of slice 2 read in 14 ms, 0 errors
RP/0/RP0/CPU0:Nov 21 18:56:15.100 UTC: SSHD_[66012]: %SECURITY-SSHD-6-INFO_SUCCESS : Successfully authenticated user 'noc' from '198.51.100.4' on 'vty0'
2026 Nov 21 18:57:01.332 leaf12 %AUTHPRIV-3-SYSTEM_MSG: pam_aaa:Authentication failed from 203.0.113.77 - dcos_sshd[29011]
2026 Nov 21 18:57:04.118 leaf12 %ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/31 is down (Link failure)
Nov 21 18:57:30 leaf3 Lldp: %LLDP-5-NEIGHBOR_NEW: LLDP neighbor with chassisId 001c.7300.0001 and portId "Ethernet4" added on interface Ethernet9
Nov 21 18:57:44 leaf3 Stp: %SPANTREE-6-INTERFACE_STATE: Interface Ethernet9 instance MST0 moving from learning to forwarding
Nov 21 18:58:03  mx480-re0 rpd[5234]: bgp_recv: read from peer 203.0.113.9 (External AS 64496) failed: Connection reset by peer
Nov 21 18:58:04  mx480-re0 mib2d[5190]: SNMP_TRAP_LINK_DOWN: ifIndex 531, ifAdminStatus up(1), ifOperStatus down(2), ifName xe-0/0/3
Nov 21 18:58:05  mx480-re0 chassisd[5101]: CHASSISD_SNMP_TRAP10: SNMP trap generated: FRU power on (jnxFruContentsIndex 8, jnxFruName PIC: 4x 10GE @ 0/2/*)
Nov 21 18:58:06  mx480-re0 sshd[11902]: SSHD_LOGIN_FAILED: Login failed for user 'root' from host '203.0.113.77'
Nov 21 2026 18:59:10 agg7 %%01IFNET/4/IF_STATE(l)[812]:Interface GigabitEthernet0/0/4 has turned into UP state.
Nov 21 2026 18:59:11 agg7 %%01OSPF/6/NBR_CHG(l)[813]:Neighbor changes event: neighbor status changed. (ProcessId=1, NeighborAddress=192.0.2.9)
Nov 21 2026 18:59:12 agg7 %%01SHELL/5/CMDRECORD(s)[814]:Recorded command information. (Task=vt0, Ip=198.51.100.4, User=noc, Command="display version")
Nov 21 2026 18:59:13 agg7 %%01SSH/4/SSH_FAIL(s)[815]:Failed to log in through SSH. (Ip=203.0.113.77, UserName=root, Times=1, FailedReason=The user name or password is wrong)
%Nov 21 18:59:40:201 2026 bras2 IFNET/3/PHY_UPDOWN: Physical state on the interface GigabitEthernet1/0/3 changed to down.
10482 2026/11/21 18:59:50.11 UTC MINOR: VRTR #2061 Base BFD packet processing "BFD session on interface to-core1 is up"
10483 2026/11/21 18:59:51.40 UTC WARNING: SNMP #2005 Base 1/1/4 "Interface 1/1/4 is operational"
10484 2026/11/21 18:59:52.90 UTC MINOR: SECURITY #2009 management "user noc from host 198.51.100.4 failed authentication"
nov/21/2026 19:00:03 system,info,account user noc logged in from 198.51.100.4 via ssh
nov/21/2026 19:00:04 interface,info ether5 link up (speed 1G, full duplex)
nov/21/2026 19:00:09 system,error,critical login failure for user root from 203.0.113.77 via ssh
date=2026-11-21 time=19:00:30 devname=fw2 logid=0100032002 type=event subtype=system level=alert msg="Administrator root login failed from ssh(203.0.113.77) because of invalid user name"
%ASA-6-302013: Built outbound TCP connection 8812301 for outside:203.0.113.9/443 (203.0.113.9/443) to inside:192.0.2.40/51123
%ASA-4-106023: Deny tcp src outside:203.0.113.77/40122 dst inside:192.0.2.40/22 by access-group "outside_in" [0x0, 0x0]
[  602.118034] br0: port 3(veth7f1a) entered forwarding state
[  611.450127] IPv6: ADDRCONF(NETDEV_CHANGE): eth2: link becomes ready
[  640.009812] usb 1-1: new high-speed USB device number 4 using xhci_hcd
[  640.250331] i2c i2c-1: sendbytes: NAK bailout; adapter tries the transfer again
[  655.731002] audit: type=1400 audit(1795287655.731:41): apparmor="STATUS" operation="profile_load" profile="unconfined"
     97213 packets input, 11240331 bytes, 0 no buffer
     Received 410 broadcasts (0 IP multicasts), 0 runts, 0 giants, 0 throttles
     88120 packets output, 9912803 bytes, 0 underruns, 0 output errors, 1 interface resets
  Last input 00:00:01, output 00:00:02, output hang never, last clearing of "show interface" counters 3w2d
  Input rate     : 48291000 bps (9211 pps), errors: 0, drops: 12, framing errors: 0
 description core2 edge uplink; port-channel 12, customer 4471, do not shut
 ip access-list extended MGMT-IN
  permit tcp 198.51.100.0 0.0.0.255 any eq 22 log
 snmp-server host 198.51.100.5 version 2c monitoring
set interfaces xe-0/0/1 unit 0 family inet address 192.0.2.33/31
policy-options { policy-statement export-core { term 1 { from protocol bgp; then accept; } } }
CPU utilization for five seconds: 7%/1%; one minute: 8%; five minutes: 8%
 PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process
 412     1220331    90812211         13  0.31%  0.28%  0.27%   0 IP Input
Building configuration...
Copy complete, now saving to disk (please wait)...
Success rate is 100 percent (5/5), round-trip min/avg/max = 1/2/4 ms
PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data: 64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.412 ms
Type escape sequence to abort. Sending 5, 100-byte ICMP Echos to 192.0.2.1, timeout is 2 seconds:
Press RETURN to get started.
User Access Verification
00000000: 7f45 4c46 0201 0100 0000 0000 0000 0000 0300 3e00 0100 0000  .ELF..............>.....
00000020: 8a3f c09e 51d2 7be4 006f 12aa 93c8 5e07 f1b6 2d84 9c30 e75b  .?..Q.{..o....^...-..0.[
0x7ffd0a10: d41d8cd9 8f00b204 e9800998 ecf8427e a54d88e0 6612d820 bc3be72b
aaaaaaaaaaaaaaaa ................................ ######################################## 100%
-----BEGIN CERTIFICATE-----
MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJRTESMBAGA1UEChMJ
QmFsdGltb3JlMRMwEQYDVQQLEwpDeWJlclRydXN0MSIwIAYDVQQDExlCYWx0aW1vcmUgQ3liZXJUcnVz
)";

}  // namespace

std::string_view ordinary_text() { return kText; }

}  // namespace lastgasp
